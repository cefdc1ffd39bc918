<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis minScale="1e+08" version="3.22.16-Białowieża" styleCategories="Symbology|Labeling|Fields|Forms|Rendering" hasScaleBasedVisibilityFlag="0" maxScale="0">
 <fieldConfiguration>
  <field name="fid" configurationFlags="None">
   <editWidget type="Hidden">
    <config>
     <Option/>
    </config>
   </editWidget>
  </field>
  <field name="code" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="name" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
 </fieldConfiguration>
 <aliases>
  <alias name="" field="fid" index="0"/>
  <alias name="工程编号" field="code" index="1"/>
  <alias name="工程名称" field="name" index="2"/>
 </aliases>
 <defaults>
  <default expression="" field="fid" applyOnUpdate="0"/>
  <default expression="" field="code" applyOnUpdate="0"/>
  <default expression="" field="name" applyOnUpdate="0"/>
 </defaults>
 <constraints>
  <constraint unique_strength="0" exp_strength="0" field="fid" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="1" exp_strength="2" field="code" notnull_strength="1" constraints="7"/>
  <constraint unique_strength="0" exp_strength="2" field="name" notnull_strength="0" constraints="4"/>
 </constraints>
 <constraintExpressions>
  <constraint desc="" field="fid" exp=""/>
  <constraint desc="每个重点工程一个编号，不得为空或重复，写成一行（如 A）；项目编号以它开头。" field="code" exp="&quot;code&quot; is NULL or (length(&quot;code&quot;)&lt;=32 and regexp_match(&quot;code&quot;,'[\\r\\n\\t]')=0)"/>
  <constraint desc="请填写工程名称，写成一行，不超过 120 字。" field="name" exp="(length(trim(coalesce(&quot;name&quot;,'')))>0) and (&quot;name&quot; is NULL or (length(&quot;name&quot;)&lt;=120 and regexp_match(&quot;name&quot;,'[\\r\\n\\t]')=0))"/>
 </constraintExpressions>
 <expressionfields/>
 <editform tolerant="1"></editform>
 <editforminit/>
 <editforminitcodesource>0</editforminitcodesource>
 <editforminitfilepath></editforminitfilepath>
 <editforminitcode><![CDATA[]]></editforminitcode>
 <featformsuppress>0</featformsuppress>
 <editorlayout>tablayout</editorlayout>
 <attributeEditorForm>
  <attributeEditorContainer groupBox="0" visibilityExpressionEnabled="0" name="基本信息" visibilityExpression="" showLabel="1" columnCount="1">
   <attributeEditorField name="code" showLabel="1" index="1"/>
   <attributeEditorField name="name" showLabel="1" index="2"/>
  </attributeEditorContainer>
  <attributeEditorContainer groupBox="0" visibilityExpressionEnabled="0" name="相关内容" visibilityExpression="" showLabel="1" columnCount="1">
   <attributeEditorContainer groupBox="1" visibilityExpressionEnabled="1" backgroundColor="#ffffff" name="projects" visibilityExpression="@qgis_version_no &lt; 33000" showLabel="0" columnCount="1">
    <attributeEditorHtmlElement name="projects" showLabel="0">&lt;style>.wide{min-width:480px}body{font-family:'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Zen Hei',sans-serif;font-size:13px;color:#333;margin:2px 6px}h4,td,th{font-size:13px}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:4px 10px 4px 0;text-align:left;vertical-align:top}h4{margin:4px 0 6px 0}th{color:#666;font-weight:normal;white-space:nowrap}td.n,td.g{white-space:nowrap}td.n{text-align:right}p{margin:3px 0}.hint{color:#777}.all{border:none;padding:0}.violation{color:#b2182b;font-weight:bold}.review{color:#b35806}.undetermined{color:#666}&lt;/style>&lt;script>var page=document.documentElement;page.className='wide';window.onload=function(){setTimeout(function(){page.className=''},0)}&lt;/script>&lt;script>document.write(expression.evaluate("'&lt;h4>本工程的项目&lt;/h4>'||with_variable('sibling',with_variable('wanted',regexp_replace(layer_property(@layer_id,'source'),'[|]layername=.*$','|layername=project'),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,'source')||'|',length(@wanted)+1)=@wanted||'|',false)))),if(@sibling is NULL,'&lt;p class=hint>要在此显示内容，请把同一规划库的“工程项目”图层也加入工程。&lt;/p>',coalesce(eval('with_variable(''rows'',coalesce(aggregate(@sibling,''concatenate'',''&lt;tr>''||''&lt;td>''||replace(coalesce(to_string(\"code\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;''))||''&lt;/td>''||''&lt;td>''||replace(coalesce(to_string(\"name\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;''))||''&lt;/td>''||''&lt;td>''||replace(coalesce(to_string(\"start_year\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;''))||if(\"end_year\" is NULL,'''',''—''||to_string(\"end_year\"))||''&lt;/td>''||''&lt;/tr>'',strpos(coalesce(\"programme_codes\",''''),''\"''||attribute(@parent,''code'')||''\"'')>0,'''',\"code\"),''''),if(@rows='''',''&lt;p class=hint>还没有项目。&lt;/p>'',''&lt;table>&lt;tr>&lt;th>编号&lt;/th>&lt;th>名称&lt;/th>&lt;th>期限&lt;/th>&lt;/tr>''||@rows||''&lt;/table>''))'),'&lt;p class=hint>要在此显示内容，请把同一规划库的“工程项目”图层也加入工程。&lt;/p>')))"));&lt;/script></attributeEditorHtmlElement>
   </attributeEditorContainer>
   <attributeEditorContainer type="Row" groupBox="1" visibilityExpressionEnabled="1" backgroundColor="#ffffff" name="projects" visibilityExpression="@qgis_version_no >= 33000" showLabel="0" columnCount="1">
    <attributeEditorTextElement name="projects" showLabel="0">&lt;style>td,th{padding:3px 10px 3px 0;text-align:left;vertical-align:top}h4{margin:4px 0 6px 0}th{color:#666;font-weight:normal;white-space:nowrap}td.n,td.g{white-space:nowrap}td.n{text-align:right}p{margin:3px 0}.hint{color:#777}.all{border:none;padding:0}.violation{color:#b2182b;font-weight:bold}.review{color:#b35806}.undetermined{color:#666}&lt;/style>&lt;!--restoration_planner-->&lt;table width=480>&lt;tr>&lt;td class=all>[%eval('''&lt;h4>本工程的项目&lt;/h4>''||with_variable(''sibling'',with_variable(''wanted'',regexp_replace(layer_property(@layer_id,''source''),''[|]layername=.*$'',''|layername=project''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''source'')||''|'',length(@wanted)+1)=@wanted||''|'',false)))),if(@sibling is NULL,''&lt;p class=hint>要在此显示内容，请把同一规划库的“工程项目”图层也加入工程。&lt;/p>'',coalesce(eval(''with_variable(''''rows'''',coalesce(aggregate(@sibling,''''concatenate'''',''''&lt;tr>''''||''''&lt;td>''''||replace(coalesce(to_string("code"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;''''))||''''&lt;/td>''''||''''&lt;td>''''||replace(coalesce(to_string("name"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;''''))||''''&lt;/td>''''||''''&lt;td>''''||replace(coalesce(to_string("start_year"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;''''))||if("end_year" is NULL,'''''''',''''—''''||to_string("end_year"))||''''&lt;/td>''''||''''&lt;/tr>'''',strpos(coalesce("programme_codes",''''''''),''''"''''||attribute(@parent,''''code'''')||''''"'''')>0,'''''''',"code"),''''''''),if(@rows='''''''',''''&lt;p class=hint>还没有项目。&lt;/p>'''',''''&lt;table width=480>&lt;tr>&lt;th>编号&lt;/th>&lt;th>名称&lt;/th>&lt;th>期限&lt;/th>&lt;/tr>''''||@rows||''''&lt;/table>''''))''),''&lt;p class=hint>要在此显示内容，请把同一规划库的“工程项目”图层也加入工程。&lt;/p>'')))')%]&lt;/td>&lt;/tr>&lt;/table></attributeEditorTextElement>
   </attributeEditorContainer>
  </attributeEditorContainer>
 </attributeEditorForm>
 <editable/>
 <labelOnTop/>
 <reuseLastValue/>
 <dataDefinedFieldProperties/>
 <widgets/>
 <layerGeometryType>4</layerGeometryType>
</qgis>
