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
  <field name="unit_name" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="county" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="zone_code" configurationFlags="None">
   <editWidget type="ValueRelation">
    <config>
     <Option type="Map">
      <Option type="bool" name="AllowMulti" value="false"/>
      <Option type="bool" name="AllowNull" value="true"/>
      <Option type="QString" name="FilterExpression" value=""/>
      <Option type="QString" name="Key" value="code"/>
      <Option type="QString" name="Layer" value=""/>
      <Option type="QString" name="LayerName" value="restoration_zone"/>
      <Option type="QString" name="LayerProviderName" value="ogr"/>
      <Option type="QString" name="LayerSource" value="./plan.gpkg|layername=restoration_zone"/>
      <Option type="int" name="NofColumns" value="1"/>
      <Option type="bool" name="OrderByKey" value="true"/>
      <Option type="bool" name="OrderByValue" value="false"/>
      <Option type="bool" name="UseCompleter" value="false"/>
      <Option type="QString" name="Value" value="name"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="key_area_code" configurationFlags="None">
   <editWidget type="ValueRelation">
    <config>
     <Option type="Map">
      <Option type="bool" name="AllowMulti" value="false"/>
      <Option type="bool" name="AllowNull" value="true"/>
      <Option type="QString" name="FilterExpression" value=""/>
      <Option type="QString" name="Key" value="code"/>
      <Option type="QString" name="Layer" value=""/>
      <Option type="QString" name="LayerName" value="key_area"/>
      <Option type="QString" name="LayerProviderName" value="ogr"/>
      <Option type="QString" name="LayerSource" value="./plan.gpkg|layername=key_area"/>
      <Option type="int" name="NofColumns" value="1"/>
      <Option type="bool" name="OrderByKey" value="true"/>
      <Option type="bool" name="OrderByValue" value="false"/>
      <Option type="bool" name="UseCompleter" value="false"/>
      <Option type="QString" name="Value" value="name"/>
     </Option>
    </config>
   </editWidget>
  </field>
 </fieldConfiguration>
 <aliases>
  <alias name="" field="fid" index="0"/>
  <alias name="单元名称" field="unit_name" index="1"/>
  <alias name="所属县（区）" field="county" index="2"/>
  <alias name="所在修复分区" field="zone_code" index="3"/>
  <alias name="所在重点区域" field="key_area_code" index="4"/>
 </aliases>
 <defaults>
  <default expression="" field="fid" applyOnUpdate="0"/>
  <default expression="" field="unit_name" applyOnUpdate="0"/>
  <default expression="" field="county" applyOnUpdate="0"/>
  <default expression="" field="zone_code" applyOnUpdate="0"/>
  <default expression="" field="key_area_code" applyOnUpdate="0"/>
 </defaults>
 <constraints>
  <constraint unique_strength="0" exp_strength="0" field="fid" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="unit_name" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="county" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="zone_code" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="key_area_code" notnull_strength="0" constraints="0"/>
 </constraints>
 <constraintExpressions>
  <constraint desc="" field="fid" exp=""/>
  <constraint desc="" field="unit_name" exp=""/>
  <constraint desc="" field="county" exp=""/>
  <constraint desc="" field="zone_code" exp=""/>
  <constraint desc="" field="key_area_code" exp=""/>
 </constraintExpressions>
 <expressionfields/>
 <editform tolerant="1"></editform>
 <editforminit/>
 <editforminitcodesource>0</editforminitcodesource>
 <editforminitfilepath></editforminitfilepath>
 <editforminitcode><![CDATA[]]></editforminitcode>
 <featformsuppress>0</featformsuppress>
 <editorlayout>generatedlayout</editorlayout>
 <editable/>
 <labelOnTop/>
 <reuseLastValue/>
 <dataDefinedFieldProperties/>
 <widgets/>
 <layerGeometryType>4</layerGeometryType>
</qgis>
